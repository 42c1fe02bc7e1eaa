import '';
