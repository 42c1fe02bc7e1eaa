if (Date.now() > 0) {
  return;
}
