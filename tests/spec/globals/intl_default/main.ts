const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
console.log(locale, timeZone, new Date(0).getHours(), (1234.5).toLocaleString());
