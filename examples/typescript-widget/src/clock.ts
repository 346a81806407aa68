/** Local time somewhere, and whether an office is open there. */
export interface Clock {
  time: string;
  open: boolean;
}

const OPENS = 9;
const CLOSES = 18;
const WEEKEND = ["Sat", "Sun"];

/** Returns nothing for a time zone that no browser knows. */
export function clockIn(zone: string, now: Date): Clock | undefined {
  let parts: Record<string, string>;
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    });
    parts = Object.fromEntries(format.formatToParts(now).map((part) => [part.type, part.value]));
  } catch {
    return undefined;
  }
  const hour = Number(parts.hour);
  return {
    time: `${parts.weekday} ${parts.hour}:${parts.minute}`,
    open: hour >= OPENS && hour < CLOSES && !WEEKEND.includes(parts.weekday ?? ""),
  };
}
