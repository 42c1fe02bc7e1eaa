console.log('script');
