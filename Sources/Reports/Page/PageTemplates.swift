import Mustache

/// The page's templates. Values are escaped; only members named `…HTML` are put in as they are.
///
/// A run has some thousand cells, rows and lines: what HTML closes by itself (`li`, `td`, `tr`, `p`) is not closed in lists and tables,
/// and a class says what the style can add.
enum PageTemplates {
    static let library: MustacheLibrary = {
        // Registered again is registered the same.
        MustacheContentTypes.register(HTMLText.ContentType(), named: "HTML-SCALARS")
        do {
            let templates = [
                "page": page, "table": table, "claims": claims, "plots": plots, "scenario": scenario, "played": played, "check": check,
                "pair": pair,
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
        {{#alarm}}<p class="alarm"><i class=broken></i> {{.}}</p>
        {{/alarm}}<ul class="counts" aria-label="Verdicts">
        {{#counts}}<li class=v-{{cls}}><i></i><b>{{number}}</b> {{word}}</li>
        {{/counts}}<li>{{coverage}}</li>
        </ul>
        <dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{{valueHTML}}}</dd></div>{{/facts}}</dl>
        <nav aria-label="On this page"><a href="#schemes">Schemes</a> <a href="#table">Table</a> <a href="#claims">The article’s claims</a> <a href="#plots">Pictures</a> <a href="#evidence">Evidence</a> <a href="#checks">Checks</a> <a href="#bed">The bed itself</a></nav>
        </header>
        <main id="main">
        <section id="schemes"><h2>Each scheme in a sentence</h2>
        <ul class="cards">{{#schemes}}<li class="card"><h3><i class={{cls}}></i> {{scheme}}</h3><p class="sub">{{title}}</p><p>{{sentence}}</p></li>
        {{/schemes}}</ul></section>
        {{#table}}{{>table}}{{/table}}{{>claims}}{{>plots}}<section id="evidence"><h2>What was played, and what came of it</h2>
        <p class="note">Instants are on the subjects’ clock, which scenarios may move: an hour or a year passes in milliseconds.</p>
        {{{axesHTML}}}{{#scenarios}}{{>scenario}}{{/scenarios}}</section>
        <section id="checks"><h2>Check by check</h2>
        <p class="note">Numbers in brackets are those of events in events.jsonl. Every refused call stands beside an accepted twin that differs in one thing. Secrets were replaced by their first characters and a digest when the trace was written. Fields such as Date are left out here. Checks on a line hold, and no cell of the table rests on them; behind each stand the bent subjects that turn it red, and <code>authbed explain NAME</code> tells how it is tried and what is bent.</p>
        {{#families}}<section class="family" id={{anchor}}><h3>{{family}}</h3>
        {{#checks}}{{>check}}{{/checks}}<ul class="ruled briefs">{{#briefs}}<li id={{anchor}}><b>{{check}}</b> {{rule}} <span class=sub>{{source}}.{{#proofsHTML}} {{{.}}}{{/proofsHTML}}</span>
        {{/briefs}}</ul></section>
        {{/families}}</section>
        <section id="bed"><h2>Is the bed itself any good?</h2>
        <p class="note">A check that cannot fail proves nothing. Each is shown to turn red by a subject with one thing bent, which stands beside it above; trivial subjects may not earn a pass anywhere.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Facts about the bed"><table class="plain"><tbody>{{#bed}}<tr><th scope="row">{{name}}</th><td>{{{valueHTML}}}</td></tr>
        {{/bed}}</tbody></table></div>
        <ul class="ruled">
        {{#sentinels}}<li><i class={{cls}}></i> <code>{{sentinel}}</code> {{bends}} <span class="sub">{{state}}</span></li>
        {{/sentinels}}</ul></section>
        </main>
        <footer><p>Written by <code>authbed run</code> from results.json and events.jsonl; <code>authbed report</code> writes it again, byte for byte.</p></footer>
        </body>
        </html>

        """

    static let table = """
        <section id="table"><h2>The comparison table</h2>
        <p class="note">Measured words, each a link to its evidence. Windows are brackets: from the last call that was accepted to the first that was refused. The bar under a window runs from a millisecond to a year on a logarithmic scale; under a count it is the share.</p>
        <ul class="legend" aria-label="Marks">{{#legend}}<li><i class={{cls}}></i> {{words}}</li>{{/legend}}</ul>
        <div class="scroll" tabindex="0" role="region" aria-label="Comparison table"><table class="cmp">
        <thead><tr><td></td>{{#groups}}<th scope="colgroup" colspan="{{span}}">{{title}}</th>{{/groups}}</tr>
        <tr><th scope="col">Measured</th>{{#columns}}<th scope="col" title="{{title}}">{{scheme}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope=row>{{#aboutAnchor}}<a href=#{{.}}>{{/aboutAnchor}}{{title}}{{#aboutAnchor}}</a>{{/aboutAnchor}}{{#factorName}}<span class=sub>{{.}}</span>{{/factorName}}{{#cells}}<td class={{cls}}{{#bar}} style=--w:{{.}}{{/bar}}>{{{wordsHTML}}}{{/cells}}
        {{/rows}}</tbody></table></div>
        {{#hasMeanings}}<details><summary>What each row counts or times</summary><ul class="ruled sub body">{{#meanings}}<li id={{anchor}}><b>{{row}}</b>: {{about}}
        {{/meanings}}</ul></details>
        {{/hasMeanings}}{{#hasAbsences}}<details><summary>Why a cell is empty</summary><ul class="ruled sub body">{{#absences}}<li id={{anchor}}><b>{{row}}</b>: {{says}} in {{schemes}}, {{because}}.
        {{/absences}}</ul></details>
        {{/hasAbsences}}</section>

        """

    static let claims = """
        <section id="claims"><h2>What the article says, and what came of it</h2>
        <p class="note">{{claimsNote}}</p>
        <div class="scroll" tabindex="0" role="region" aria-label="The article’s claims"><table class="plain claims"><thead><tr><th scope="col">On</th><th scope="col">of</th><th scope="col">the article says</th><th scope="col">which is</th><th scope="col">because</th></tr></thead>
        <tbody>{{#claims}}<tr>{{#head}}<th scope=rowgroup rowspan={{span}}>{{row}}{{/head}}<td><a href=#{{anchor}}>{{family}}</a><td>“{{says}}”<td class="o o-{{cls}}"><i class={{cls}}></i> <b>{{outcome}}</b><td>{{condition}}
        {{/claims}}</tbody></table></div></section>

        """

    static let plots = """
        <section id="plots"><h2>In pictures</h2>
        {{#plots}}<figure><figcaption><h3>{{name}}</h3>{{{captionHTML}}}{{#keys}} <span class="key"><span class={{cls}} aria-hidden="true">{{mark}}</span> {{words}}</span>{{/keys}}</figcaption><div class="bare" tabindex="0" role="region" aria-label="{{name}}">{{{svgHTML}}}</div></figure>
        {{/plots}}</section>

        """

    static let scenario = """
        <section class="story"><h3>{{title}}</h3><p class="teaches">{{teaches}}</p>
        {{#hasSteps}}<details><summary>The story, step by step{{#isPart}}, in a scheme of each kind{{/isPart}}</summary><div class="scroll" tabindex="0" role="region" aria-label="Steps of {{scenario}}"><table class="steps"><thead><tr><th scope="col">Step</th>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
        <tbody>{{#steps}}<tr><th scope=row>{{does}}{{#named}} <code>{{.}}</code>{{/named}}<span class=sub>{{say}}</span>{{#instants}}<td>{{.}}{{/instants}}
        {{/steps}}</tbody></table></div></details>
        {{/hasSteps}}<ul class="ruled">{{#played}}<li>{{#hasMore}}<details><summary>{{>played}}</summary><div class=body>
        {{#fault}}<p class="alarm">{{.}}</p>{{/fault}}{{#faultLines}}<p class="wireline">{{.}}</p>{{/faultLines}}{{#absent}}<p class="sub">Does not arise: {{.}}</p>
        {{/absent}}{{#picturesHTML}}{{{.}}}
        {{/picturesHTML}}{{#checks}}<p><i class={{cls}}></i> <a href=#{{href}}>{{check}}</a> {{why}}</p>{{/checks}}</div></details>{{/hasMore}}{{^hasMore}}{{>played}}{{/hasMore}}
        {{/played}}</ul>
        {{#keptWords}}<p class=sub>{{.}}{{#kept}} <a href=#{{href}}>{{check}}</a>{{/kept}}</p>{{/keptWords}}<p class=again>Again: <code>{{command}}</code></p></section>

        """

    static let played = """
        <i class={{cls}}></i><b>{{schemes}}</b>{{#measures}} <span{{#place}} id={{.}}{{/place}}>{{name}} <b>{{words}}</b></span>{{/measures}} {{words}}
        """

    static let check = """
        <details class="check"><summary><i class={{cls}}></i><b>{{check}}</b> {{rule}} <span class="sub">{{summary}}</span></summary><div class="body" id={{anchor}}>
        <p>{{why}} <span class="sub">{{level}}, {{role}}: {{{clauseHTML}}}</span></p>
        <p class="sub">{{title}}</p>
        <ul class="ruled">{{#rulings}}<li><i class={{cls}}></i>{{#schemes}}<b{{#place}} id={{.}}{{/place}}>{{scheme}}</b>{{events}} {{/schemes}}{{verdict}}: {{why}}</li>{{/rulings}}</ul>
        {{#pairs}}{{>pair}}{{/pairs}}{{#wireNote}}<p class="sub">{{.}}</p>{{/wireNote}}
        <p class="sub">Turned red by{{#proofsHTML}} {{{.}}}{{/proofsHTML}}</p>
        <p class="again">Again: <code>{{command}}</code></p></div></details>

        """

    static let pair = """
        <figure class="pair"><figcaption><b>{{schemes}}</b>{{#difference}}: differs in <mark>{{.}}</mark>{{/difference}}</figcaption>
        <pre>{{#sent}}{{{.}}}
        {{/sent}}</pre>
        <div class="answers">{{#hasGood}}<div class="a"><p><i class=kept></i> twin accepted <span class="sub">{{accepted}}</span></p><pre>{{{goodHTML}}}</pre></div>{{/hasGood}}<div class="{{verdictCls}}"><p><i class={{markCls}}></i> this one {{verdictWord}} <span class="sub">{{refused}}</span></p><pre>{{{badHTML}}}</pre></div></div></figure>

        """
}
