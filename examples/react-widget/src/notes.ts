import $ from "jquery";

/** Adds a note to a lead (developers.kommo.com/reference, notes). */
export function addNote(lead: number, text: string): PromiseLike<unknown> {
  return $.ajax({
    url: `/api/v4/leads/${lead}/notes`,
    method: "POST",
    contentType: "application/json",
    data: JSON.stringify([{ note_type: "common", params: { text } }]),
  });
}
