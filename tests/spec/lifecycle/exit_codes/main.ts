for (const code of [-1, 256, 1.5, NaN, Infinity, '3', null, {}]) {
  try {
    yeet.exit(code as number);
  } catch (error) {
    console.log(String(error));
  }
}
yeet.exit();
