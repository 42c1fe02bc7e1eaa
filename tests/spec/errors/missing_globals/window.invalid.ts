window.setTimeout(() => {});
