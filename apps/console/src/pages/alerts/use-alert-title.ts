import type { AlertView } from '@turnpike/contracts/alerts.js';
import { alertTitle } from '@turnpike/contracts/alert-titles.js';
import { useLanguage } from '../../words/language.js';

/** What is wrong, in the language of the moment. */
export function useAlertTitle(): (alert: AlertView) => string {
  const language = useLanguage();
  return (alert) => alertTitle(alert, language);
}
