import type { Table } from '../outcome.js';

/** Of all users so many are online, and each asks so often: the model of the system that this one succeeds. */
const ONLINE_SHARE = 0.1;
const REQUESTS_A_MINUTE = 2;
const USERS = [100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000];
/** Transactions a second that it claims for its 20 processes. */
const PREDECESSOR = 500;

/** Requests a second that so many users make. */
export function neededRate(users: number): number {
  return (users * ONLINE_SHARE * REQUESTS_A_MINUTE) / 60;
}

/** Users whose requests a rate can answer. */
export function usersWithin(rate: number): number {
  return Math.floor((rate * 60) / REQUESTS_A_MINUTE / ONLINE_SHARE);
}

export function capacityTable(capacity: number): Table {
  const times = (rate: number, users: number): string => {
    const headroom = rate / neededRate(users);
    return `${headroom < 10 ? headroom.toFixed(1) : Math.round(headroom).toLocaleString('en')} x`;
  };
  return {
    title: 'Users and what they need: 10 % online, 2 requests a minute each',
    columns: [
      'users',
      'needed, /s',
      'part of the capacity',
      'headroom',
      `at ${PREDECESSOR}/s, the predecessor's claim`,
    ],
    rows: USERS.map((users) => [
      users.toLocaleString('en'),
      trimmed(neededRate(users)),
      `${((neededRate(users) / capacity) * 100).toFixed(1)} %`,
      times(capacity, users),
      times(PREDECESSOR, users),
    ]),
  };
}

function trimmed(value: number): string {
  return value < 100 ? String(Number(value.toFixed(2))) : String(Math.round(value));
}
