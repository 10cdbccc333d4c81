import Foundation
import Probing

/// A request to an issuer's endpoint, before it is sent.
struct IssuerAsk: Sendable {
    /// How its client proves who it is (RFC 6749 section 2.3).
    enum Proof: Sendable {
        case nothing
        /// Only a name: what public clients do (RFC 6749 section 3.2.1).
        case name(String)
        case header(String, secret: String)
        case form(String, secret: String)
        /// A signed assertion (RFC 7523 section 2.2).
        case assertion(String)
    }

    static let form = "application/x-www-form-urlencoded"

    /// As the issuer's metadata names it, such as `token_endpoint`.
    var endpoint: String
    var method = "POST"
    var parameters: [(String, String)]
    var proof: Proof
    var mediaType: String? = form
    /// Whether the parameters stand in the URL.
    var inQuery = false
    /// What is sent in place of the parameters.
    var body: [UInt8]?
    /// The address it comes from; nil for the system's choice.
    var source: String?

    init(_ endpoint: String, _ parameters: [(String, String)], by proof: Proof) {
        self.endpoint = endpoint
        self.parameters = parameters
        self.proof = proof
    }

    /// Another value for a parameter; nil leaves it out.
    mutating func set(_ name: String, _ value: String?) {
        let at = parameters.firstIndex { $0.0 == name } ?? parameters.endIndex
        parameters.removeAll { $0.0 == name }
        if let value { parameters.insert((name, value), at: min(at, parameters.endIndex)) }
    }

    func request(to url: String) -> ProbeRequest {
        var headers: [ProbeHeader] = []
        var pairs = parameters
        switch proof {
        case .nothing: break
        case .name(let id): pairs.append(("client_id", id))
        case .form(let id, let secret): pairs += [("client_id", id), ("client_secret", secret)]
        case .header(let id, let secret):
            let text = "\(WebForm.escape(id)):\(WebForm.escape(secret))"
            headers.append(ProbeHeader(name: "Authorization", value: "Basic \(Data(text.utf8).base64EncodedString())"))
        case .assertion(let text):
            pairs += [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", text)]
        }
        if let mediaType { headers.append(ProbeHeader(name: "Content-Type", value: mediaType)) }
        let form = WebForm.encode(pairs)
        let target = inQuery ? url + (url.contains("?") ? "&" : "?") + form : url
        return ProbeRequest(method: method, url: target, headers: headers, body: body ?? (inQuery ? [] : Array(form.utf8)), source: source)
    }
}
