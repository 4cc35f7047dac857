/** 演示·凤城派出所 → 凤城派出所: where the page says already that its bodies are invented. Pure. */
const INVENTED = /^(演示·|Demo )/;

export const withoutMark = (name: string): string => name.replace(INVENTED, '');
