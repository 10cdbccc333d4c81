import Auth
import HTTPTypes
import Store

/// Asks whether a client may act for the person.
struct ConsentPage {
    var request: AuthorizationRequest
    var user: String
    /// Proves that the form comes from here.
    var token: String
    /// Where the person can sign in as somebody else, as a reference to this page.
    var switchUser: String
    /// Whether the form was not one that this browser had been given for this request.
    var isStale = false

    var page: Page {
        Page(
            title: "Allow \(request.client.shownName) to act for you?", status: isStale ? .forbidden : .ok,
            content: """
                \(isStale ? #"<p class="bad" role="alert">This page was out of date. Please decide once more.</p>"# : .nothing)
                <p class="soft">Signed in as <strong>\(user)</strong>. <a href="\(switchUser)">Not you?</a></p>
                \(warnings)
                <h2>It will be able to</h2>
                <ul>
                \(HTML.joined(Self.ordered(request.scopes).map(Self.item)))
                </ul>
                <h2>at the server</h2>
                <p class="place">\(request.audience)</p>
                <h2>You will be sent back to</h2>
                <p class="place">\(request.redirectURI.destination)</p>
                <form method="post">
                <input type="hidden" name="token" value="\(token)">
                <div class="buttons">
                <button name="decision" value="deny">Deny</button>
                <button name="decision" value="allow" class="key">Allow</button>
                </div>
                </form>
                """,
            formTargets: [request.redirectURI.policySource])
    }

    /// Those with words in their order, the others behind them.
    private static func ordered(_ scopes: ScopeSet) -> [String] {
        words.map(\.scope).filter(scopes.contains) + scopes.scopes.subtracting(words.map(\.scope)).sorted()
    }

    private static func item(_ scope: String) -> HTML {
        guard let words = words.first(where: { $0.scope == scope })?.text else {
            return "<li>use the permission <code>\(scope)</code></li>"
        }
        return "<li>\(words) <small><code>\(scope)</code></small></li>"
    }

    /// What the scopes of MCP servers let a client do, from less to more.
    private static let words = [
        (scope: "mcp:read", text: "see what your tools can see, and change nothing"),
        (scope: "mcp:write", text: "create, change and delete data with your tools"),
        (scope: "mcp:execute", text: "run queries and programs with your tools"),
    ]

    /// Whom the person should not believe without looking (RFC 8252 section 8.6, RFC 7591 section 5).
    private var warnings: HTML {
        var warnings: [HTML] = []
        switch request.client.origin {
        case .registered: break
        case .dynamic:
            warnings.append(
                #"<p class="warn"><strong>Not verified.</strong> The application chose its name itself; nobody here has checked it.</p>"#)
        case .metadataDocument:
            let host = RedirectURI(request.client.id)?.destination ?? request.client.id
            warnings.append(
                #"<p class="warn"><strong>Not verified.</strong> The name is what <strong>\#(host)</strong> says of itself.</p>"#)
        }
        if request.redirectURI.isLoopback {
            warnings.append(
                """
                <p class="warn">The answer goes to a program on <strong>this computer</strong>. Allow it only if you have just \
                started that program yourself.</p>
                """)
        }
        return .joined(warnings)
    }
}

extension ClientRecord {
    /// What people see it as.
    var shownName: String { name ?? id }
}
