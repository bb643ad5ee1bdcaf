// A monitor that publishes in which thread of which process it runs.
const { threadId } = require('node:worker_threads');

module.exports = {
  [Symbol.for('vedette.monitor')]: true,
  round: ({ monitor: { name } }) => ({
    messages: [{ routingKey: 'test.place', body: { name, place: `${process.pid}/${threadId}` } }],
    state: null,
    facts: {},
  }),
};
