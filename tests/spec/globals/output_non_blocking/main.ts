for (let i = 0; i < 3; i++) console.log('x'.repeat(999_999));
