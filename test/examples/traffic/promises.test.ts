import { allExamples } from '../../../tasks/examples';
import { PROMISES } from '../../../tasks/promises';

test('the demo traces a request through every example, and through nothing else', () => {
  expect(Object.keys(PROMISES).sort()).toEqual(allExamples().map(({ name }) => name));
  for (const promises of Object.values(PROMISES)) expect(promises.length).toBeGreaterThan(0);
});
