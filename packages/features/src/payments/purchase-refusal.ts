import type { Language } from '@turnpike/contracts/languages.js';
import { AppError, type AppErrorCode, type FieldIssue } from '@turnpike/core/app-error.js';
import { customerSentence, type CustomerSentence } from './mpesa/result-codes.js';

interface More {
  readonly issues?: readonly FieldIssue[];
  readonly extra?: Record<string, string | number>;
}

/** A purchase that was not begun: what happened and what to do, in the languages of customers. */
export class PurchaseRefusal extends AppError {
  readonly sentence: CustomerSentence;
  readonly #more: More;

  constructor(code: AppErrorCode, sentence: CustomerSentence, more: More = {}) {
    super(code, sentence.en, more);
    this.sentence = sentence;
    this.#more = more;
  }

  /** The same, for who reads this language. */
  in(language: Language): AppError {
    return new AppError(this.code, this.sentence[language], { ...this.#more, cause: this });
  }
}

export function noPhoneNumber(): PurchaseRefusal {
  const sentence = {
    en: 'This is not a Kenyan mobile number. Check the digits: it has ten of them, such as 0712 345 678.',
    sw: 'Hii si nambari ya simu ya Kenya. Hakikisha ina tarakimu kumi, kama 0712 345 678.',
  };
  const issue = { path: 'msisdn', message: 'must be a phone number such as 0712 345 678 or +254 712 345 678' };
  return new PurchaseRefusal('validation_failed', sentence, { issues: [issue] });
}

export function mpesaNotSetUp(): PurchaseRefusal {
  return new PurchaseRefusal('conflict', customerSentence('not_set_up'));
}

export function notOnSale(): PurchaseRefusal {
  return new PurchaseRefusal('not_found', {
    en: 'This package is not on sale any more. Choose another one.',
    sw: 'Kifurushi hiki hakiuzwi tena. Chagua kingine.',
  });
}

/** `price`: as people write it. */
export function priceNotPayable(mostShillings: number, price: string): PurchaseRefusal {
  return new PurchaseRefusal('conflict', {
    en: `M-Pesa takes whole Kenyan shillings from 1 to ${mostShillings}, and this costs ${price}. Choose another package, or use a voucher.`,
    sw: `M-Pesa hupokea shilingi kamili za Kenya kuanzia 1 hadi ${mostShillings}, na bei hii ni ${price}. Chagua kifurushi kingine au tumia vocha.`,
  });
}

export function paymentOutstanding(): PurchaseRefusal {
  const sentence = {
    en: 'This phone is being asked for another payment just now. Answer or cancel it on the phone, wait a minute and try again.',
    sw: 'Simu hii inaulizwa malipo mengine kwa sasa. Yajibu au uyaghairi kwenye simu, subiri dakika moja kisha ujaribu tena.',
  };
  return new PurchaseRefusal('conflict', sentence, { extra: { reason: 'payment_outstanding' } });
}

export type PurchaseLimitKind = 'device' | 'phone' | 'address' | 'nameless';

/** Too much was asked for; `retryAfterSeconds`: when the next request is taken. */
export function tooManyPurchases(kind: PurchaseLimitKind, retryAfterSeconds: number): PurchaseRefusal {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  const [wait, subiri] = minutes === 1 ? ['a minute', 'dakika moja'] : [`${minutes} minutes`, `dakika ${minutes}`];
  const { en, sw } = LIMITS[kind];
  const sentence = {
    en: `${en} Wait ${wait} and try again, or use a voucher.`,
    sw: `${sw} Subiri ${subiri} kisha ujaribu tena, au tumia vocha.`,
  };
  return new PurchaseRefusal('rate_limited', sentence, { extra: { retryAfterSeconds, limit: kind } });
}

const FROM_HERE: CustomerSentence = {
  en: 'There have been too many requests from this network.',
  sw: 'Maombi mengi mno yametoka kwenye mtandao huu.',
};

const LIMITS: Readonly<Record<PurchaseLimitKind, CustomerSentence>> = {
  device: {
    en: 'This device has asked for several payments already.',
    sw: 'Kifaa hiki kimeshaomba malipo mara kadhaa.',
  },
  phone: {
    en: 'This phone has been asked to pay several times already.',
    sw: 'Simu hii imeshaulizwa malipo mara kadhaa.',
  },
  address: FROM_HERE,
  nameless: FROM_HERE,
};
