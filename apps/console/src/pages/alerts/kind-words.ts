import { defineWords } from '../../words/define-words.js';

/** Of each kind of alert: its name, what it means for the business, and what to do about it. */
export const kindWords = defineWords('alert-kinds', {
  en: {
    router_offline: 'Router offline',
    router_offline_means:
      'The router cannot be reached through its API. Whoever is online there may stay online, but nobody can be cut off or changed, and when its internet link is down nobody can sign in.',
    router_offline_do:
      'Check power and the internet link at the site, then the address and the API service of the router. Its page tells why the last contact failed.',
    router_silent_radius: 'RADIUS silent',
    router_silent_radius_means:
      'The router is reached and somebody was online there, but it sends no RADIUS packets: nobody new gets in, and no usage is counted.',
    router_silent_radius_do:
      'Look at the RADIUS section of its page: the address of this server, the firewall for UDP 1812 and 1813, and the address it sends from. Deploying its services again puts its settings right.',
    router_wrong_secret: 'Wrong RADIUS secret',
    router_wrong_secret_means:
      'The router signs its packets with another secret than ours, so all of them are dropped and nobody can sign in there.',
    router_wrong_secret_do:
      'Deploy its services again, or rotate its RADIUS secret: both give the router the right one. When that changes nothing, somebody else sends from its address.',
    site_down: 'Site down',
    site_down_means:
      'Every router of this site is offline at the same time: most likely its power or its internet link is gone.',
    site_down_do: 'Call the site, or the provider of its link. The list tells since when each router is gone.',
    payments_failing: 'Payments fail',
    payments_failing_means:
      'Many customers who want to pay cannot. Who cancelled, had too little money or a wrong PIN is not counted.',
    payments_failing_do:
      'Look at the reasons of the failed payments. When M-Pesa has trouble, tell your customers and sell vouchers meanwhile; when the reason is the set-up, check the shortcode and the passkey.',
    payments_waiting: 'Payments without an end',
    payments_waiting_means:
      'Customers have been asked to pay and nobody knows whether they did: M-Pesa sends no callback and gives no answer when it is asked.',
    payments_waiting_do:
      'M-Pesa is asked again by itself. Check that it can reach this server at its public address, and that the payments queue moves.',
    review_waiting: 'Payments to decide',
    review_waiting_means:
      'Money has come in that fits no purchase exactly. Until somebody decides, its payer has no access.',
    review_waiting_do: 'Open the payments in review and decide each: accept it, or refund it.',
    mpesa_unreachable: 'M-Pesa unreachable',
    mpesa_unreachable_means: 'Requests to M-Pesa get no answer, so nobody can buy with M-Pesa.',
    mpesa_unreachable_do:
      'Check the internet link of this server and the status of Safaricom’s API. Nothing is lost: customers may try again, or use vouchers.',
    sms_failing: 'SMS fail',
    sms_failing_means:
      'Messages to customers do not get through: they miss their receipts, their credentials and their reminders.',
    sms_failing_do:
      'Check the credit and the key of the SMS provider. Messages that may still get through are tried again by themselves.',
    login_failures: 'Sign-ins refused',
    login_failures_means:
      'Many sign-ins are refused for reasons that have nothing to do with paying: a router or an account that is set up wrongly, or somebody who guesses passwords.',
    login_failures_do:
      'Find a customer who was refused and press Why: it tells what was sent and what was wrong with it. When it is guessing, its router and device are named there.',
    session_orders_failing: 'Sessions that do not end',
    session_orders_failing_means:
      'Customers whose access is over, or who were disconnected, may still be online: their routers have not confirmed the end.',
    session_orders_failing_do:
      'Check that the routers take orders (UDP 3799) and can be reached through their API. Each session is tried again by itself.',
    queue_stuck: 'Queue stuck',
    queue_stuck_means: 'Work waits and nobody takes it: the workers are too few, too busy, or gone.',
    queue_stuck_do: 'Look at the health of the workers. When they run, look at what they are doing in the queue.',
    jobs_failed: 'Jobs failed',
    jobs_failed_means: 'Work was given up after all its tries. What it was to do has not been done.',
    jobs_failed_do: 'Read the reasons in the queue, mend what they name, then try the jobs again.',
    process_missing: 'Process missing',
    process_missing_means: 'A part of the system does not run on any machine, so nobody does its work.',
    process_missing_do:
      'Look at its log and start it again (`npm run status` tells what runs on the server, `npm start` brings it back).',
    ledger_unbalanced: 'Ledger unbalanced',
    ledger_unbalanced_means:
      'The balances of the books are not the sum of what was booked. That cannot happen through the system: somebody or something has changed the database.',
    ledger_unbalanced_do:
      'Do not correct it by hand. Open the trial balance, note the accounts, and compare with the last backup. It is checked again every hour.',
    audit_chain_broken: 'Audit trail changed',
    audit_chain_broken_means: 'An entry of the audit trail was changed or removed in the database, past the system.',
    audit_chain_broken_do:
      'Keep a copy of the database, change its passwords, and compare the entry with a backup. Verify the chain on the audit page.',
  },
  sw: {
    router_offline: 'Ruta haipatikani',
    router_offline_means:
      'Ruta haifikiki kupitia API yake. Walio mtandaoni huko huenda wakabaki, lakini hakuna anayeweza kukatwa au kubadilishiwa, na kiungo chake cha intaneti kikikatika hakuna anayeweza kuingia.',
    router_offline_do:
      'Angalia umeme na kiungo cha intaneti pale, kisha anwani na huduma ya API ya ruta. Ukurasa wake unaeleza kwa nini mawasiliano ya mwisho hayakufaulu.',
    router_silent_radius: 'RADIUS kimya',
    router_silent_radius_means:
      'Ruta inafikika na kulikuwa na mtu mtandaoni, lakini haitumi pakiti za RADIUS: hakuna mpya anayeingia na matumizi hayahesabiwi.',
    router_silent_radius_do:
      'Angalia sehemu ya RADIUS kwenye ukurasa wake: anwani ya seva hii, ngome ya UDP 1812 na 1813, na anwani inayotumia. Kupeleka huduma zake tena hurekebisha mipangilio.',
    router_wrong_secret: 'Siri ya RADIUS si sahihi',
    router_wrong_secret_means:
      'Ruta inatia sahihi pakiti zake kwa siri tofauti na yetu, hivyo zote zinatupwa na hakuna anayeweza kuingia pale.',
    router_wrong_secret_do:
      'Peleka huduma zake tena, au badilisha siri yake ya RADIUS: zote huipa ruta siri sahihi. Isipobadilika, mtu mwingine anatuma kutoka anwani yake.',
    site_down: 'Eneo limezimika',
    site_down_means:
      'Ruta zote za eneo hili hazipatikani kwa wakati mmoja: huenda umeme au kiungo cha intaneti kimekatika.',
    site_down_do: 'Pigia simu eneo hilo au mtoa huduma wa kiungo. Orodha inaonyesha kila ruta imepotea tangu lini.',
    payments_failing: 'Malipo hayafaulu',
    payments_failing_means:
      'Wateja wengi wanaotaka kulipa hawawezi. Walioghairi, waliokosa salio au waliokosea PIN hawahesabiwi.',
    payments_failing_do:
      'Angalia sababu za malipo yasiyofaulu. M-Pesa ikiwa na hitilafu, wajulishe wateja na uuze vocha kwa sasa; sababu ikiwa ni mipangilio, angalia namba ya biashara na passkey.',
    payments_waiting: 'Malipo yasiyo na mwisho',
    payments_waiting_means:
      'Wateja wameombwa kulipa na haijulikani kama wamelipa: M-Pesa haileti taarifa wala haijibu inapoulizwa.',
    payments_waiting_do:
      'M-Pesa huulizwa tena kiotomatiki. Hakikisha inaweza kufikia seva hii kwenye anwani yake ya umma, na kwamba foleni ya malipo inasonga.',
    review_waiting: 'Malipo ya kuamua',
    review_waiting_means: 'Pesa imeingia ambayo hailingani na ununuzi wowote. Hadi mtu aamue, aliyelipa hana huduma.',
    review_waiting_do: 'Fungua malipo yanayokaguliwa na uamue kila moja: yakubali au yarudishe.',
    mpesa_unreachable: 'M-Pesa haifikiki',
    mpesa_unreachable_means: 'Maombi kwa M-Pesa hayajibiwi, hivyo hakuna anayeweza kununua kwa M-Pesa.',
    mpesa_unreachable_do:
      'Angalia kiungo cha intaneti cha seva hii na hali ya API ya Safaricom. Hakuna kilichopotea: wateja wanaweza kujaribu tena au kutumia vocha.',
    sms_failing: 'SMS hazifiki',
    sms_failing_means: 'Ujumbe kwa wateja haufiki: wanakosa risiti, maelezo ya kuingia na vikumbusho.',
    sms_failing_do:
      'Angalia salio na ufunguo wa mtoa huduma za SMS. Ujumbe unaoweza kufika bado hujaribiwa tena kiotomatiki.',
    login_failures: 'Kuingia kunakataliwa',
    login_failures_means:
      'Wengi wanakataliwa kuingia kwa sababu zisizohusu malipo: ruta au akaunti iliyopangwa vibaya, au mtu anayebahatisha manenosiri.',
    login_failures_do:
      'Tafuta mteja aliyekataliwa na ubonyeze Kwa nini: inaeleza kilichotumwa na kasoro yake. Ikiwa ni kubahatisha, ruta na kifaa vinatajwa hapo.',
    session_orders_failing: 'Vikao visivyoisha',
    session_orders_failing_means:
      'Wateja ambao muda wao umeisha, au waliokatwa, huenda bado wako mtandaoni: ruta zao hazijathibitisha mwisho.',
    session_orders_failing_do:
      'Hakikisha ruta zinapokea amri (UDP 3799) na zinafikika kupitia API. Kila kikao hujaribiwa tena kiotomatiki.',
    queue_stuck: 'Foleni imekwama',
    queue_stuck_means: 'Kazi zinasubiri na hakuna anayezichukua: wafanyakazi ni wachache, wana kazi nyingi, au hawapo.',
    queue_stuck_do: 'Angalia afya ya wafanyakazi. Ikiwa wanafanya kazi, angalia wanachofanya kwenye foleni.',
    jobs_failed: 'Kazi hazikufaulu',
    jobs_failed_means: 'Kazi ziliachwa baada ya majaribio yote. Kilichopaswa kufanywa hakijafanywa.',
    jobs_failed_do: 'Soma sababu kwenye foleni, rekebisha kinachotajwa, kisha jaribu kazi hizo tena.',
    process_missing: 'Mchakato haupo',
    process_missing_means: 'Sehemu ya mfumo haifanyi kazi kwenye mashine yoyote, hivyo kazi yake haifanywi.',
    process_missing_do:
      'Angalia kumbukumbu zake na uanzishe tena (`npm run status` inaonyesha kinachofanya kazi kwenye seva, `npm start` hurejesha).',
    ledger_unbalanced: 'Leja haina uwiano',
    ledger_unbalanced_means:
      'Salio za vitabu si jumla ya yaliyoandikwa. Hilo haliwezi kutokea kupitia mfumo: mtu au kitu kimebadilisha hifadhidata.',
    ledger_unbalanced_do:
      'Usirekebishe kwa mkono. Fungua mizania, andika akaunti hizo, na ulinganishe na nakala ya mwisho. Hukaguliwa tena kila saa.',
    audit_chain_broken: 'Kumbukumbu za ukaguzi zimebadilishwa',
    audit_chain_broken_means:
      'Ingizo la kumbukumbu za ukaguzi limebadilishwa au kuondolewa kwenye hifadhidata, nje ya mfumo.',
    audit_chain_broken_do:
      'Hifadhi nakala ya hifadhidata, badilisha manenosiri yake, na ulinganishe ingizo hilo na nakala ya zamani. Thibitisha mnyororo kwenye ukurasa wa ukaguzi.',
  },
});
