extension Page {
    /// The one stylesheet: light and dark, from 320 pixels up, with contrasts of at least 4.5 to 1 (WCAG 2.2 section 1.4.3).
    static let style: HTML = """
        :root { color-scheme: light dark; --text: #1c2024; --soft: #555d66; --ground: #eef0f3; --sheet: #fff; --line: #8a929c;
          --key: #0b5cad; --on-key: #fff; --warn: #7a4100; --warn-ground: #fff3dc; --bad: #a11423; --bad-ground: #fdeced }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e8eaed; --soft: #a9b1ba; --ground: #14171a; --sheet: #1f2428; --line: #79828c;
            --key: #7db8f5; --on-key: #0d1b2a; --warn: #ffcf87; --warn-ground: #3a2c12; --bad: #ff9aa2; --bad-ground: #431a1f } }
        * { box-sizing: border-box }
        body { margin: 0; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
        main { max-width: 27rem; margin: 4vh auto; padding: 1.75rem; background: var(--sheet); border-radius: .75rem;
          overflow-wrap: anywhere; box-shadow: 0 1px 4px #0003 }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
        h2 { margin: 1.25rem 0 .25rem; font-size: 1rem }
        p { margin: .5rem 0 }
        ul { margin: .25rem 0; padding-left: 1.25rem }
        li { margin: .375rem 0 }
        li small, .soft { color: var(--soft); font-size: .875rem }
        li small { display: block }
        label { display: block; margin-top: 1rem; font-weight: 600 }
        input { width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--sheet);
          border: 1px solid var(--line); border-radius: .5rem }
        button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--key);
          background: none; border: 2px solid var(--key); border-radius: .5rem; cursor: pointer }
        button.key { color: var(--on-key); background: var(--key) }
        a { color: var(--key) }
        :focus-visible { outline: 3px solid var(--key); outline-offset: 2px }
        .buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
        .place { margin: .25rem 0; padding: .5rem .75rem; font-weight: 600; background: var(--ground); border-radius: .5rem }
        .buttons + .soft, form + .soft { margin: 1.25rem 0 0 }
        .warn, .bad { padding: .625rem .875rem; border-left: 4px solid; border-radius: .25rem }
        .warn { color: var(--warn); background: var(--warn-ground) }
        .bad { color: var(--bad); background: var(--bad-ground) }
        """
}
