/** The columns of the attributes that the suite stores. */
export const columns = {
  userId: { name: 'account_id', type: 'text', index: true },
  level: { type: 'integer' },
  admin: { type: 'boolean' },
} as const
