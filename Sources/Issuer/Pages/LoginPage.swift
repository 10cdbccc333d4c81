import HTTPTypes

/// Asks who is there.
struct LoginPage {
    /// Why the person sees it again.
    enum Notice {
        /// For a name that nobody has, a wrong password and a disabled user, with what is said of it.
        case refused(String)
        /// The form was not one that this browser had been given, or not for this request.
        case stale
        /// Seconds to wait.
        case throttled(Int)
    }

    var request: AuthorizationRequest
    /// Proves that the form comes from here.
    var token: String
    /// What was typed as the name before.
    var name = ""
    var notice: Notice?

    var page: Page {
        Page(
            title: "Sign in", status: status,
            content: """
                <p>to continue to <strong>\(request.client.shownName)</strong></p>
                \(explanation)
                <form method="post">
                <input type="hidden" name="token" value="\(token)">
                <label for="username">User name</label>
                <input id="username" name="username" value="\(name)" autocomplete="username" autocapitalize="none" spellcheck="false"\
                 maxlength="64" required\(name.isEmpty ? " autofocus" : "")>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required\
                \(name.isEmpty ? "" : " autofocus")>
                <div class="buttons"><button class="key">Sign in</button></div>
                </form>
                <p class="soft">If you did not start this yourself, close this page.</p>
                """,
            formTargets: [request.redirectURI.policySource])
    }

    private var status: HTTPResponse.Status {
        switch notice {
        case nil: .ok
        case .throttled: .tooManyRequests
        case .refused, .stale: .forbidden
        }
    }

    private var explanation: HTML {
        switch notice {
        case nil: .nothing
        case .refused(let words): #"<p class="bad" role="alert">\#(words)</p>"#
        case .stale: #"<p class="bad" role="alert">This page was out of date. Please sign in once more.</p>"#
        case .throttled(let seconds):
            #"<p class="bad" role="alert">Too many tries. Wait \#(seconds) seconds, then try again.</p>"#
        }
    }
}
