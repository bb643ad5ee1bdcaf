// A monitor module that fails at its import.
throw new Error('thrown at load');
