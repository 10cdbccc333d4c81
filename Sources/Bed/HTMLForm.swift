/// The first form of an HTML page, as far as somebody needs it who fills it in without seeing it.
package struct HTMLForm: Sendable, Hashable {
    /// An `input` or a `button` with a name.
    package struct Control: Sendable, Hashable {
        /// Its `type`, in lower case: `hidden`, `text`, `password`, `submit`.
        package var kind: String
        package var name: String
        package var value: String
        /// What it says of its purpose, in lower case: `username`, `current-password`.
        package var autocomplete = ""
    }

    /// Pages of people's login are a few thousand octets.
    package static let pageLimit = 256 * 1024

    /// Where it is sent; nil for the page's own address.
    package var action: String?
    package var isPost: Bool
    package var controls: [Control]

    /// - Returns: Nil when the page has no form, or is larger than `pageLimit`.
    package init?(firstIn page: [UInt8]) {
        guard page.count <= Self.pageLimit else { return nil }
        var found: HTMLForm?
        for tag in HTMLTags(page) {
            if found == nil, tag.name == "form" {
                let action = tag.attributes["action"].flatMap { $0.isEmpty ? nil : $0 }
                found = HTMLForm(action: action, isPost: tag.attributes["method"]?.lowercased() == "post", controls: [])
            } else if found != nil, tag.name == "/form" {
                break
            } else if found != nil, ["input", "button"].contains(tag.name), let name = tag.attributes["name"], !name.isEmpty {
                let kind = tag.attributes["type"]?.lowercased() ?? (tag.name == "button" ? "submit" : "text")
                let purpose = tag.attributes["autocomplete"]?.lowercased() ?? ""
                found?.controls.append(Control(kind: kind, name: name, value: tag.attributes["value"] ?? "", autocomplete: purpose))
            }
        }
        guard let found else { return nil }
        self = found
    }

    private init(action: String?, isPost: Bool, controls: [Control]) {
        self.action = action
        self.isPost = isPost
        self.controls = controls
    }

    /// What the page itself wants sent along.
    package var hidden: [(String, String)] { controls.filter { $0.kind == "hidden" }.map { ($0.name, $0.value) } }

    /// As long as what nobody guesses.
    private static let tokenLength = 16

    /// A page without the long values that its form wants sent back: many are made anew for each page, against forged requests, and tell two
    /// pages apart that say the same.
    package static func withoutTokens(_ page: [UInt8]) -> [UInt8] {
        let tokens = (HTMLForm(firstIn: page)?.hidden ?? []).map(\.1).filter { $0.utf8.count >= tokenLength }
        guard !tokens.isEmpty else { return page }
        return Array(tokens.reduce(String(decoding: page, as: UTF8.self)) { $0.replacing($1, with: "") }.utf8)
    }

    /// The page's title, for messages; nil for none.
    package static func title(of page: [UInt8]) -> String? {
        guard page.count <= pageLimit else { return nil }
        let title = HTMLTags(page).first { $0.name == "title" }?.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return title.flatMap { $0.isEmpty ? nil : String($0.prefix(120)) }
    }
}
