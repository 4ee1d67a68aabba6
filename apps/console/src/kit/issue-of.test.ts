import { ApiProblem } from '../api/api-problem.js';
import { issueOf, tellsMore } from './issue-of.js';

function problem(code: string, issues: { path: string; message: string }[]): ApiProblem {
  return new ApiProblem({ status: 400, code, detail: 'no', requestId: 'r', issues });
}

describe('issues beside fields', () => {
  test('gives a field what is said of it and of its parts, and nothing of its neighbours', () => {
    const found = problem('validation_failed', [
      { path: 'name', message: 'must not be empty' },
      { path: 'scopes.0', message: 'unknown' },
      { path: 'nameless', message: 'no' },
    ]);
    expect(issueOf(found, 'name')).toBe('must not be empty');
    expect(issueOf(found, 'scopes')).toBe('unknown');
    expect(issueOf(found, 'name', 'sw')).toBe('must not be empty');
    expect(issueOf(found, 'role')).toBeUndefined();
    expect(issueOf(null, 'name')).toBeUndefined();
  });

  test('shows the problem itself when it is of no field, or of one that is not in the form', () => {
    expect(tellsMore(problem('conflict', []), ['name'])).toBe(true);
    expect(tellsMore(problem('validation_failed', [{ path: 'role', message: 'no' }]), ['name'])).toBe(true);
    expect(tellsMore(problem('validation_failed', [{ path: 'name', message: 'no' }]), ['name'])).toBe(false);
    expect(tellsMore(problem('step_up_required', []), [])).toBe(false);
    expect(tellsMore(null, [])).toBe(false);
  });
});
