import { checkDraft, draftOf, issueAt, readDraft, suggestService } from './services-draft.js';

describe('services that somebody enters', () => {
  test('a second hotspot is suggested addresses and a second PPPoE a name of its own', () => {
    const hotspot = suggestService('hotspot', []);
    const pppoe = suggestService('pppoe', [hotspot]);
    expect(hotspot).toMatchObject({ gateway: '10.5.50.1/23' });
    expect(suggestService('hotspot', [hotspot, pppoe])).toMatchObject({ gateway: '10.5.52.1/23' });
    expect(suggestService('pppoe', [hotspot, pppoe])).toMatchObject({ serviceName: 'turnpike-2', pool: '10.6.4.0/22' });
  });

  test('an empty name of the login page is left out', () => {
    const entered = { ...suggestService('hotspot', []), interfaces: ['ether2'] };
    expect(checkDraft([entered])).toEqual({ services: [expect.not.objectContaining({ dnsName: expect.anything() })] });
  });

  test('what is missing is named by the path that the API uses', () => {
    const checked = checkDraft([suggestService('hotspot', [])]);
    expect(checked.issues?.[0]?.path).toBe('services.0.interfaces');
  });

  test('an issue within a list belongs to the list', () => {
    const issues = [{ path: 'services.0.walledGarden.2', message: 'wrong' }];
    expect(issueAt(issues, 'services.0.walledGarden')).toBe('wrong');
    expect(issueAt(issues, 'services.0.walled')).toBeUndefined();
  });

  test('what is deployed can be entered again as it is', () => {
    const entered = checkDraft([{ ...suggestService('hotspot', []), interfaces: ['ether2'] }]);
    if (entered.issues !== undefined) throw new Error('the draft was refused');
    expect(checkDraft(draftOf(entered.services))).toEqual(entered);
  });

  test('a draft of an older version is none', () => {
    expect(readDraft({ getItem: () => '[{"type":"hotspot"}]' }, 'x')).toBeUndefined();
    expect(readDraft({ getItem: () => 'nonsense' }, 'x')).toBeUndefined();
  });
});
