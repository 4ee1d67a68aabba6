/** Customers as `npm run loadtest:prepare` makes them: `%d` is the number. */
export interface Customers {
  readonly username: string;
  readonly password: string;
  readonly count: number;
}

export function usernameOf(customers: Customers, customer: number): string {
  return customers.username.replace('%d', String(customer));
}

export function passwordOf(customers: Customers, customer: number): string {
  return customers.password.replace('%d', String(customer));
}

/** The one device of a customer, `device` apart from others of the same customer. */
export function macOf(customer: number, device = 0): string {
  const hex = (customer >>> 0).toString(16).toUpperCase().padStart(8, '0');
  const second = (device & 0xff).toString(16).toUpperCase().padStart(2, '0');
  return `02:${second}:${hex.replace(/(..)(?=.)/g, '$1:')}`;
}
