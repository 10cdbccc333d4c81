import Probing
import Trace

/// One call of a battery, with one thing bent.
struct Stimulus: Sendable {
    var credential: Credential
    /// What is bent, in a few words.
    var description: String
    /// The values of the Authorization fields, instead of the credential's own.
    var authorization: [String]?
    /// What else is different about the request.
    var change: (@Sendable (inout ProbeRequest) -> Void)?
    /// The octets that are sent for it, where no client would send such.
    var octets: (@Sendable (ProbeRequest) -> [UInt8])?
    /// What is done in place of a request.
    var exchange: (@Sendable (ProbeRequest) async -> ProbeAnswer)?
    /// Whether any success is a success for the caller: for requests that call no tool.
    var anySuccess = false
    /// Changes the world around the server, and changes it back. The former throws ``RefusedPreparation`` where the server has no
    /// part in it.
    var setUp: (@Sendable () async throws -> Void)?
    var tearDown: (@Sendable () async throws -> Void)?

    init(_ credential: Credential, _ description: String) {
        self.credential = credential
        self.description = description
    }
}

/// A call that had to be accepted before the bent one could show anything, and was not.
struct RefusedPreparation: Error {
    var call: CallEvent
}

extension ProbeRequest {
    /// Sets a field, or leaves it out.
    mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.isNamed(name) }
        if let value { headers.append(ProbeHeader(name: name, value: value)) }
    }
}
