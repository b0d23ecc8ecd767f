/** The columns of what the suite files. */
export const columns = {
  userId: { name: 'account_id', type: 'text', index: true },
  level: { type: 'integer' },
  admin: { type: 'boolean' },
} as const
