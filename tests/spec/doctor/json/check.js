console.log(Object.keys(report), report.usable, report.cause);
console.log(report.checks.length > 20, [...new Set(report.checks.flatMap(Object.keys))]);
for (const { group, name, verdict, found, fix } of report.checks) {
  const isRight = ['kernel', 'process', 'attach'].includes(group) && ['ok', 'limited', 'no'].includes(verdict);
  if (!isRight || typeof name !== 'string' || typeof found !== 'string')
    console.log('wrong:', group, name, verdict, found);
  if (verdict === 'no' && typeof fix !== 'string') console.log('no fix:', name, found);
}
console.log(report.checks.find(({ name }) => name === 'raw_tp'));
