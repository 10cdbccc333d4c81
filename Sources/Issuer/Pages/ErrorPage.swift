import HTTPTypes

/// Says that nothing can be done here, and why: where the application cannot or must not be told.
struct ErrorPage {
    var error: OAuthError
    /// Where an application that nobody vouches for wants the error sent: the person decides (RFC 9700 section 4.11.2).
    var continuation: (destination: String, location: String)?

    var page: Page {
        Page(
            title: "This request cannot be answered", status: HTTPResponse.Status(code: error.status == 401 ? 400 : error.status),
            content: """
                <p class="bad" role="alert">\(sentence).</p>
                <p>Go back to the application and start again. If it happens again, tell those who make it.</p>
                \(link)
                <p class="soft">Error code: <code>\(error.code.rawValue)</code></p>
                """)
    }

    private var sentence: String { error.summary.prefix(1).uppercased() + error.summary.dropFirst() }

    private var link: HTML {
        guard let continuation else { return .nothing }
        return """
            <p>The application would like to be told. That leads you to:</p>
            <p class="place">\(continuation.destination)</p>
            <p><a href="\(continuation.location)">Tell it, and go there</a></p>
            """
    }
}
