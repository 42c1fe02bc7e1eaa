function f() {
  await 1;
}
f();
