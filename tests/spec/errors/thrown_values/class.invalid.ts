throw new (class Refusal {
  reason = 'because';
})();
