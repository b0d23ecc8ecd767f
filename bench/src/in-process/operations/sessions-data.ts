/** A session as a site has it: who is logged in, and what that user is doing. About 500 bytes of JSON. */
export const ordinary = {
  views: 1,
  user: { id: 'b7c1f0de-93a4', name: 'Ada Lovelace', roles: ['editor', 'author'], plan: 'team' },
  csrf: 'bWFkZSBmb3IgdGhlIGJlbmNobWFyaw',
  cart: [
    { sku: 'A-1001', quantity: 2, price: 1999, title: 'Analytical engine, brass' },
    { sku: 'B-2047', quantity: 1, price: 450, title: 'Punched cards, box of 500' },
  ],
  filters: { sort: 'newest', page: 3, tags: ['history', 'computing', 'mathematics'] },
  lastSeen: '2026-11-22T12:00:00.000Z',
  flash: 'Your changes have been saved.',
}

/** The least that a session holds. */
export const small = { views: 1 }
