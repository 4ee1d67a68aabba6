import type { Fault } from './fault.js';

/** M: money and vouchers, S: pages, files and what is known of people. */
export const SELLING_FAULTS: readonly Fault[] = [
  {
    id: 'M1',
    fault: 'a forged payment result',
    required:
      'believed only with the unguessable token of that payment, from an allowed address, for the request and the amount it was made for; what does not fit goes to a person and gives nothing',
  },
  { id: 'M2', fault: 'the same payment result many times at once', required: 'one grant, one entry in the ledger' },
  {
    id: 'M3',
    fault: 'payment results late and out of order',
    required: 'what failed may still become paid; what is paid never becomes anything else',
  },
  {
    id: 'M4',
    fault: 'the payment result never comes',
    required: 'M-Pesa is asked after 15 s and at growing distances up to a day; what is unclear then goes to a person',
  },
  {
    id: 'M5',
    fault: 'a payment result that takes long to handle',
    required: 'it is stored as it came and answered within 200 ms; the work follows',
  },
  {
    id: 'M6',
    fault: 'something breaks between the money and the access',
    required: 'payment, access and ledger are one transaction; what follows from them is repeated until it is done',
  },
  {
    id: 'M7',
    fault: 'somebody has phones of strangers asked to pay',
    required:
      'one request to a phone at a time, three in ten minutes, six for a device, thousands for an address; who is refused is told when to try again',
  },
  { id: 'M8', fault: 'a voucher is redeemed many times at once', required: 'redeemed once' },
  {
    id: 'M9',
    fault: 'somebody guesses voucher codes',
    required:
      'codes of 54 bits stored only as hashes; a device that guesses is refused, a place where many guess is slowed down and counted for an alarm, and nobody beside it is locked out',
  },
  {
    id: 'M10',
    fault: 'amounts that do not divide, in any notation',
    required: 'whole minor units everywhere; the books balance, and no wallet falls below 0',
  },
  {
    id: 'S4',
    fault: 'forged forms, redirects elsewhere and markup in names at the portal',
    required:
      'a form counts only from our own page in the same browser, a password goes only to a router of the network, and whatever somebody is called is shown as text',
  },
  { id: 'S6', fault: 'a formula in a file for spreadsheets', required: 'it arrives as text' },
  {
    id: 'S9',
    fault: 'personal data is seen, kept or asked for',
    required:
      'phone numbers are masked for all but owners and admins and revealing one is written down; a customer can be exported and erased, and old rows go',
  },
];
