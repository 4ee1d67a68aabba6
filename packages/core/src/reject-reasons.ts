/** Why somebody is not let in; a closed set, fit for a metric label. */
export const REJECT_REASONS = [
  'unknown_user',
  'unsupported_method',
  'eap_unsupported',
  'wrong_password',
  'suspended',
  'device_blocked',
  'device_not_allowed',
  'no_entitlement',
  'mac_login_off',
  'wrong_service',
  'wrong_site',
  'outside_schedule',
  'exhausted',
  'expired',
  'not_started',
  'too_many_devices',
  'voucher_revoked',
  'voucher_expired',
  'voucher_used',
  'too_many_guesses',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
