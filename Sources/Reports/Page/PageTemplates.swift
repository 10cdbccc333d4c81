import Mustache

/// The page's templates. Values are escaped; only members named `…HTML` are put in as they are.
enum PageTemplates {
    static let library: MustacheLibrary = {
        // Registered again is registered the same.
        MustacheContentTypes.register(HTMLText.ContentType(), named: "HTML-SCALARS")
        do {
            let templates = [
                "page": page, "table": table, "claims": claims, "plots": plots, "scenario": scenario, "check": check, "pair": pair,
            ]
            // In each: a partial does not take it over from where it stands.
            return MustacheLibrary(
                templates: try templates.mapValues { try MustacheTemplate(string: "{{% CONTENT_TYPE:HTML-SCALARS}}" + $0) })
        } catch {
            // They are constants: one that does not parse is found by the first test.
            preconditionFailure("a template of the report cannot be parsed: \(error)")
        }
    }()

    static let page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>Authbed report, {{started}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the results</a>
        <header>
        <p class="brand">Authbed</p>
        <h1>What each way of signing in is worth, measured</h1>
        <p class="lead">{{summary}}</p>
        {{#alarm}}<p class="alarm"><i class="broken"></i> {{.}}</p>
        {{/alarm}}<ul class="counts" aria-label="Verdicts">
        {{#counts}}<li class="v-{{cls}}"><i></i><b>{{number}}</b> {{word}}</li>
        {{/counts}}<li>{{coverage}}</li>
        </ul>
        <dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{{valueHTML}}}</dd></div>{{/facts}}</dl>
        <nav aria-label="On this page"><a href="#schemes">Schemes</a> <a href="#table">Table</a> <a href="#claims">The article’s claims</a> <a href="#plots">Pictures</a> <a href="#evidence">Evidence</a> <a href="#checks">Checks</a> <a href="#bed">The bed itself</a></nav>
        </header>
        <main id="main">
        <section id="schemes"><h2>Each scheme in a sentence</h2>
        <ul class="cards">{{#schemes}}<li class="card"><h3><i class="{{cls}}"></i> {{scheme}}</h3><p class="sub">{{title}}</p><p>{{sentence}}</p></li>
        {{/schemes}}</ul></section>
        {{#table}}{{>table}}{{/table}}{{>claims}}{{>plots}}<section id="evidence"><h2>What was played, and what came of it</h2>
        <p class="note">Instants are on the subjects’ clock, which scenarios may move: an hour or a year passes in milliseconds.</p>
        {{#scenarios}}{{>scenario}}{{/scenarios}}</section>
        <section id="checks"><h2>Check by check</h2>
        <p class="note">Every refused call stands beside an accepted twin that differs in one thing. Secrets were replaced by their first characters and a digest when the trace was written. Fields such as Date are left out here. Checks on a line hold, and no cell of the table rests on them; <code>authbed explain NAME</code> tells how each is tried.</p>
        {{#families}}<section class="family" id="{{anchor}}"><h3>{{family}}</h3>
        {{#checks}}{{>check}}{{/checks}}<ul class="ruled briefs">{{#briefs}}<li id="{{anchor}}"><i class="{{cls}}"></i><b>{{check}}</b> {{rule}} <span class="sub">{{level}}, {{{clauseHTML}}}; held in {{schemes}}; proven by{{#proofs}} <a href="#{{anchor}}">{{defect}}</a>{{/proofs}}</span></li>
        {{/briefs}}</ul></section>
        {{/families}}</section>
        <section id="bed"><h2>Is the bed itself any good?</h2>
        <p class="note">A check that cannot fail proves nothing. Each is shown to turn red by a subject with one thing bent; trivial subjects may not earn a pass anywhere.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Facts about the bed"><table class="plain"><tbody>{{#bed}}<tr><th scope="row">{{name}}</th><td>{{{valueHTML}}}</td></tr>
        {{/bed}}</tbody></table></div>
        <details><summary>What is bent, one by one</summary><ul class="proofs">
        {{#defects}}<li id="{{anchor}}"><i class="{{cls}}"></i> <code>{{defect}}</code> {{bends}} <span class="sub">{{state}}</span></li>
        {{/defects}}</ul></details></section>
        </main>
        <footer><p>Written by <code>authbed run</code> from results.json and events.jsonl; <code>authbed report</code> writes it again, byte for byte.</p></footer>
        </body>
        </html>

        """

    static let table = """
        <section id="table"><h2>The comparison table</h2>
        <p class="note">Measured words, each a link to its evidence. Windows are brackets: from the last call that was accepted to the first that was refused. The bar under a window runs from a millisecond to a year on a logarithmic scale; under a count it is the share.</p>
        <ul class="legend" aria-label="Marks">{{#legend}}<li><i class="{{cls}}"></i> {{words}}</li>{{/legend}}</ul>
        <div class="scroll" tabindex="0" role="region" aria-label="Comparison table"><table class="cmp">
        <thead><tr><td></td>{{#groups}}<th scope="colgroup" colspan="{{span}}">{{title}}</th>{{/groups}}</tr>
        <tr><th scope="col">Measured</th>{{#columns}}<th scope="col" title="{{title}}">{{scheme}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{title}}{{#factorName}}<span class="sub">{{.}}</span>{{/factorName}}</th>{{#cells}}<td class="{{cls}}" data-s="{{scheme}}"><i class="{{cls}}"></i> <span class="vh">{{standing}}: </span>{{{wordsHTML}}}{{#bar}}<span class="bar" aria-hidden="true"><i style="width:{{.}}"></i></span>{{/bar}}</td>{{/cells}}</tr>
        {{/rows}}</tbody></table></div>
        {{#absences}}<p class="sub" id="{{anchor}}">{{row}}: there is nothing of the kind in {{schemes}}, so nothing is measured there.</p>
        {{/absences}}</section>

        """

    static let claims = """
        <section id="claims"><h2>What the article says, and what came of it</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="The article’s claims"><table class="plain claims"><thead><tr><th scope="col">Of</th><th scope="col">the article says</th><th scope="col">measured as</th><th scope="col">which is</th><th scope="col">because</th></tr></thead>
        <tbody>{{#claims}}<tr><td>{{family}}</td><td>“{{says}}”</td><td><a href="#{{anchor}}">{{row}}</a></td><td class="o-{{cls}}"><i class="{{cls}}"></i> <b>{{outcome}}</b></td><td>{{condition}}</td></tr>
        {{/claims}}</tbody></table></div></section>

        """

    static let plots = """
        <section id="plots"><h2>In pictures</h2>
        {{#plots}}<figure><div class="bare" tabindex="0" role="region" aria-label="{{name}}">{{{svgHTML}}}</div><figcaption>{{{captionHTML}}}{{#keys}} <span class="key"><span class="{{cls}}" aria-hidden="true">{{mark}}</span> {{words}}</span>{{/keys}}</figcaption></figure>
        {{/plots}}</section>

        """

    static let scenario = """
        <section class="story" id="{{anchor}}"><h3>{{title}}</h3><p class="sub"><code>{{scenario}}</code></p><p class="teaches">{{teaches}}</p>
        {{#hasSteps}}<details class="cell"><summary>The story, step by step</summary><div class="scroll" tabindex="0" role="region" aria-label="Steps of {{scenario}}"><table class="steps"><thead><tr><th scope="col">Step</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
        <tbody>{{#steps}}<tr><th scope="row"><code>{{verb}}</code> {{text}}</th>{{#instants}}<td>{{.}}</td>{{/instants}}</tr>
        {{/steps}}</tbody></table></div></details>
        {{/hasSteps}}{{#played}}<details class="cell"><summary><i class="{{cls}}"></i> <b>{{scheme}}</b> <span class="sum">{{summary}}</span></summary><div class="body" id="{{anchor}}">
        {{#fault}}<p class="alarm">{{.}}</p>{{/fault}}{{#faultLines}}<p class="wireline">{{.}}</p>{{/faultLines}}{{#absent}}<p class="sub">Does not arise: {{.}}</p>
        {{/absent}}{{#measures}}<div class="measure" id="{{anchor}}"><p><b>{{name}}</b> {{words}}</p>{{#pictureHTML}}<figure>{{{.}}}</figure>{{/pictureHTML}}</div>
        {{/measures}}<ul class="ruled">{{#checks}}<li><i class="{{cls}}"></i>{{#links}} <a href="#{{href}}">{{check}}</a>{{/links}} {{why}}</li>{{/checks}}</ul>
        </div></details>
        {{/played}}<p class="again">Again: <code>{{command}}</code></p></section>

        """

    static let check = """
        <details class="check"><summary><i class="{{cls}}"></i> <b>{{check}}</b> <span class="sum">{{rule}}</span> <span class="sub">{{summary}}</span></summary><div class="body" id="{{anchor}}">
        <p>{{why}} <span class="sub">{{level}}, {{role}}: {{{clauseHTML}}}</span></p>
        <p class="sub">{{title}}</p>
        <ul class="ruled">{{#rulings}}<li><i class="{{cls}}"></i>{{#schemes}} <b id="{{anchor}}">{{scheme}}</b>{{events}}{{/schemes}} {{verdict}}: {{why}}</li>{{/rulings}}</ul>
        {{#pairs}}{{>pair}}{{/pairs}}{{#wireNote}}<p class="sub">{{.}}</p>{{/wireNote}}
        <p class="again">Proven by{{#proofs}} <i class="{{cls}}"></i><a href="#{{anchor}}">{{defect}}</a>{{/proofs}}</p>
        <p class="again">Again: <code>{{command}}</code></p></div></details>

        """

    static let pair = """
        <figure class="pair"><figcaption><b>{{schemes}}</b>: differs in <mark>{{difference}}</mark></figcaption>
        <pre>{{#sent}}{{{.}}}
        {{/sent}}</pre>
        <div class="answers">{{#hasGood}}<div class="a"><p><i class="kept"></i> twin accepted <span class="sub">{{accepted}}</span></p><pre>{{{goodHTML}}}</pre></div>{{/hasGood}}<div class="{{verdictCls}}"><p><i class="{{markCls}}"></i> this one {{verdictWord}} <span class="sub">{{refused}}</span></p><pre>{{{badHTML}}}</pre></div></div></figure>

        """
}
