/// What a form of an issuer's pages asks of the person in front of it, told by what its controls are and say: nobody tells a person what they
/// are called, either.
enum PageQuestion: Sendable, Hashable {
    /// Who it is, the password, or both: the names of the controls.
    case login(user: String?, password: String?)
    /// Whether it is allowed: the button that says yes.
    case consent(name: String, value: String)

    /// What controls for a person's name are called where they do not say it by `autocomplete`.
    private static let names: Set = ["username", "user", "login", "email", "identifier", "account"]
    /// What buttons say that mean yes.
    private static let assents = ["allow", "accept", "approve", "authorize", "authorise", "consent", "confirm", "grant", "yes", "agree"]

    /// - Returns: Nil for a form that asks for something else.
    init?(_ form: HTMLForm) {
        let texts = form.controls.filter { ["text", "email"].contains($0.kind) }
        if let password = form.controls.first(where: { $0.kind == "password" }) {
            self = .login(user: (texts.first(where: Self.isForName) ?? texts.first)?.name, password: password.name)
        } else if let name = texts.first(where: Self.isForName) {
            self = .login(user: name.name, password: nil)
        } else if let yes = Self.assent(among: form.controls.filter { $0.kind == "submit" }) {
            self = .consent(name: yes.name, value: yes.value)
        } else {
            return nil
        }
    }

    private static func isForName(_ control: HTMLForm.Control) -> Bool {
        let purposes = control.autocomplete.split(separator: " ")
        return purposes.contains("username") || purposes.contains("email") || names.contains(control.name.lowercased())
    }

    /// By its value, or else by its name.
    private static func assent(among buttons: [HTMLForm.Control]) -> HTMLForm.Control? {
        buttons.first { assents.contains($0.value.lowercased()) } ?? buttons.first { assents.contains($0.name.lowercased()) }
    }
}
