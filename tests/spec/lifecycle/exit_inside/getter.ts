console.log(`${{ toString: () => yeet.exit(3) }}`);
