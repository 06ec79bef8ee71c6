import type { EditableAccount, SystemView } from '../../main/bridge/contract.ts';

export interface LoadedForm {
  readonly systems: readonly SystemView[];
  readonly editable: EditableAccount;
}

/** Whether a value other than a secret is missing. An administrator's file, for example, may leave the user name to each user. */
export function lacksValue({ systems, editable: { form } }: LoadedForm): boolean {
  const { methods = [] } = systems.find(({ id }) => id === form.system) ?? {};
  const { fields = [] } = methods.find(({ id }) => id === form.method) ?? {};
  return fields.some(
    ({ id, secret, optional, onlyWith }) =>
      !secret &&
      !optional &&
      (!onlyWith || form.values[onlyWith.field] === onlyWith.value) &&
      (form.values[id] ?? '') === '',
  );
}
