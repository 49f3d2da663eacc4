import { expect, test } from '@jest/globals';
import { reconcile } from '../src/reconcile';

test.each([
  { published: ['a', 'b'], delivered: ['b', 'a'], lost: 0, doubled: 0 },
  { published: ['a', 'b'], delivered: ['b'], lost: 1, doubled: 0 },
  { published: ['a', 'b'], delivered: ['a', 'b', 'b'], lost: 0, doubled: 1 },
  { published: ['a', 'a'], delivered: ['a', 'a'], lost: 0, doubled: 0 },
  { published: ['a', 'a'], delivered: ['a', 'c'], lost: 1, doubled: 1 },
])(
  'of $published published and $delivered delivered, $lost are lost and $doubled doubled',
  ({ published, delivered, lost, doubled }) => {
    expect(reconcile(published, delivered)).toEqual({
      published: published.length,
      delivered: delivered.length,
      lost,
      doubled,
    });
  },
);
