// Whether what onSalesbotDesignerSave gives is a program: a text with a JSON array of steps (docs/salesbot-sdk).
const HANDLERS = new Set([
  'show',
  'goto',
  'widget_request',
  'exits',
  'conditions',
  'action',
  'send_internal',
  'send_external_message',
  'stop',
  'start',
  'validations',
  'preset',
  'meta',
  'filter',
  'find',
  'set_custom_fields',
  'link',
  'wait_answer',
  'buttons',
  'condition',
]);

export function judgeProgram(value) {
  if (typeof value !== 'string') {
    return {
      faults: [`${value === undefined ? 'nothing' : typeof value}, not a text: JSON.stringify the steps`],
      program: typeof value === 'object' ? value : undefined,
    };
  }
  let program;
  try {
    program = JSON.parse(value);
  } catch (error) {
    return { faults: [`not JSON: ${error.message}`], program: undefined };
  }
  if (!Array.isArray(program)) {
    return { faults: ['not an array of steps'], program };
  }
  const faults = program.flatMap((step, index) => stepFaults(step, index, program.length));
  return { faults: program.length ? faults : ['an empty array: the bot has nothing to do'], program };
}

function stepFaults(step, index, count) {
  if (step === null || typeof step !== 'object' || Array.isArray(step)) {
    return [`step ${index}: not an object`];
  }
  const faults = [];
  if (step.execute_handler) {
    faults.push(`step ${index}: execute_handler is saved and never runs, question is expected`);
  }
  const handlers = step.question ?? step.answer;
  if (!Array.isArray(handlers)) {
    return faults.length ? faults : [`step ${index}: no array under question or answer`];
  }
  return [...faults, ...handlers.flatMap((one) => handlerFaults(one, index, count))];
}

function handlerFaults(one, index, count) {
  const name = one?.handler;
  if (typeof name !== 'string') {
    return [`step ${index}: something without a handler`];
  }
  const params = one.params ?? {};
  if (
    name === 'goto' &&
    params.type === 'question' &&
    !(Number.isInteger(params.step) && params.step >= 0 && params.step < count)
  ) {
    return [`step ${index}: goto step ${params.step}, and there are ${count}`];
  }
  if (name === 'widget_request' && !/^(https:\/\/|\{\{)/.test(String(params.url ?? ''))) {
    return [`step ${index}: widget_request to ${JSON.stringify(params.url ?? '')}, not to an https address`];
  }
  return HANDLERS.has(name) || isOfWidget(name) ? [] : [`step ${index}: ${name} is no handler that is documented`];
}

const isOfWidget = (name) => name.startsWith('widget_');
