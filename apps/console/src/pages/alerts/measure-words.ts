import { defineWords } from '../../words/define-words.js';

/** Values of alerts with what they count. */
export const measureWords = defineWords('alert-measures', {
  en: {
    seconds: '{{n}} s',
    minutes: '{{n}} min',
    hours: '{{n}} h',
    percent: '{{n}} %',
    routers: '{{n}} routers',
    requests: '{{n}} requests',
    aMinute: '{{n}} a minute',
    sessions: '{{n}} sessions',
    jobs: '{{n}} jobs an hour',
    none: 'as soon as it is so',
  },
  sw: {
    seconds: 'sek {{n}}',
    minutes: 'dak {{n}}',
    hours: 'saa {{n}}',
    percent: '{{n}} %',
    routers: 'ruta {{n}}',
    requests: 'maombi {{n}}',
    aMinute: '{{n}} kwa dakika',
    sessions: 'vikao {{n}}',
    jobs: 'kazi {{n}} kwa saa',
    none: 'mara tu inapotokea',
  },
});
