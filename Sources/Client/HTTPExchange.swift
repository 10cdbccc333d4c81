/// One request, ready to be sent.
package struct HTTPCall: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    package var method: Method
    package var address: WebAddress
    package var fields: HTTPFieldList
    package var body: [UInt8]
    /// What it is for, by method and name: step-ups are remembered by it.
    package var operation = ""
    /// Whether the client certificate is shown where the call goes, though it is not the server.
    package var showsCertificate = false
    /// Set when the answer may be a stream that outlives what we wait for: asked after each piece whether it is enough.
    package var enough: (@Sendable ([UInt8]) -> Bool)?

    package init(_ method: Method, _ address: WebAddress, fields: HTTPFieldList = [:], body: [UInt8] = []) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }
}

/// What came back, whole.
package struct HTTPAnswer: Sendable {
    package var status: Int
    package var fields: HTTPFieldList
    package var body: [UInt8]

    package init(status: Int, fields: HTTPFieldList = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The media type in lower case, without parameters.
    package var mediaType: String? {
        guard let value = fields["Content-Type"], let type = value.split(separator: ";").first else { return nil }
        return type.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    /// `Retry-After` in seconds, at most an hour. The form with a date is not read: its meaning hangs on two clocks.
    package var retryAfter: Duration? {
        guard let text = fields["Retry-After"], let seconds = Int(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 3600))
    }
}

/// Sends a call and gives the answer: the seam between the client's rules and the network.
package typealias HTTPExchange = @Sendable (HTTPCall) async throws(ClientError) -> HTTPAnswer

/// Header fields in order; names compare without case.
package struct HTTPFieldList: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)]) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// All the values of a name, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The first value of a name; setting replaces all of them.
    package subscript(name: String) -> String? {
        get { values(name).first }
        set {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { fields.append((name: name, value: newValue)) }
        }
    }
}
