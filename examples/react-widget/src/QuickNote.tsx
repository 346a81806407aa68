import { useState } from "react";

import { Button, ButtonPrimaryTheme } from "@kommo-crm/crm-react-ui-kit/Button";
import { TextArea, TextareaLightTheme } from "@kommo-crm/crm-react-ui-kit/TextArea";

import names from "./QuickNote.module.css";

interface Props {
  words: Record<string, string>;
  save: (text: string) => PromiseLike<unknown>;
}

export function QuickNote({ words, save }: Props) {
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState("");

  const send = () => {
    save(text).then(
      () => {
        setText("");
        setAnswer(words.saved ?? "");
      },
      () => setAnswer(words.failed ?? ""),
    );
  };

  return (
    <div className={names.note}>
      <TextArea
        theme={TextareaLightTheme}
        rows={3}
        value={text}
        placeholder={words.placeholder}
        onChange={(event) => setText(event.target.value)}
      />
      <Button theme={ButtonPrimaryTheme} isDisabled={!text.trim()} onClick={send}>
        {words.save}
      </Button>
      <span role="status">{answer}</span>
    </div>
  );
}
