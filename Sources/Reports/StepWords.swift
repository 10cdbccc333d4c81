import Judge
import Scenarios

/// A step in a few plain words, for readers who do not know the files.
enum StepWords {
    static func text(_ verb: Verb) -> String {
        switch verb {
        case .issue(let credential, _, let succeeds, let lifetime, _):
            "issue \(credential)" + (succeeds.map { ", who is to take \($0)'s place" } ?? "")
                + (lifetime.map { ", good for \(Words.duration($0))" } ?? "")
        case .retire(let credential, _): "take \(credential) out of use"
        case .revoke(let credential, _, .allowList): "take \(credential) off the list of those who may call"
        case .revoke(let credential, _, nil): "revoke \(credential)"
        case .switch(let load, let to, _, let seconds):
            "the load '\(load)' goes over to \(to)" + (seconds > 0 ? ", within \(Words.duration(seconds))" : "")
        case .renew(let what, _, let overlap):
            renewed(what) + (overlap.map { "; what was before counts for another \(Words.duration($0))" } ?? "")
        case .connect(_, let with, let route, let listener):
            "open a connection as \(with)" + (listener == .plaintext ? ", without TLS" : "") + (route == .wiretap ? ", recorded" : "")
        case .call(_, let with, let over, _, _, let times, let caller, let processes):
            "call as \(list(with))" + (times > 1 ? ", \(times) times" : "") + way(over)
                + (processes.map { ", by \($0) clients at once" } ?? (caller == .client ? ", by the client" : ""))
        case .probe(let probe): probed(probe)
        case .load(_, let with, let rate, _, let over): "begin \(carried(over, rate)) as \(with)"
        case .stop(let load, _): "end the load '\(load)'"
        case .hold(_, let seconds): "wait for \(Words.duration(seconds))"
        case .clock(_, let move, let to, _): moved(move, to)
        case .replay(_, let of, let what, let listener, let times, let attacker): replayed(of, what, listener, times, attacker)
        case .fault(_, let kind, let times): failed(kind, times)
        case .restart(let role, _): role == "responder" ? "start the OCSP responder again" : "start the \(role) again"
        case .publish(let publication): "publish a revocation list: \(publication.list)"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "") : names.first ?? ""
    }

    private static func way(_ channel: Verb.Channel) -> String {
        switch channel {
        case .newConnection: ""
        case .kept: ", over the connection that is open"
        case .resumedSession: ", resuming a TLS session"
        case .replica: ", at a second process of the server"
        }
    }

    private static func probed(_ probe: Verb.Probe) -> String {
        "call again and again as \(probe.with)" + way(probe.over) + (probe.untilRefused ? ", until refused" : "")
            + (probe.untilAccepted ? ", until accepted" : "")
            + (probe.aroundExpiry == nil ? "" : ", second by second around the end of its life")
    }

    private static func renewed(_ what: Verb.Renewable) -> String {
        switch what {
        case .signingKey: "the issuer signs with another key"
        case .serverCertificate: "the server gets another certificate and key"
        case .authorityAdded: "a second authority counts for client certificates"
        case .authorityRemoved: "the first authority counts no more"
        }
    }

    private static func carried(_ carrier: Verb.Carrier?, _ rate: Double) -> String {
        switch carrier {
        case .stream: "a call whose answer is a stream, \(Words.number(rate)) events a second,"
        case .newConnections: "\(Words.number(rate)) calls a second, each on a connection of its own,"
        case .calls, nil: "\(Words.number(rate)) calls a second"
        }
    }

    private static func moved(_ move: Double?, _ to: Instant?) -> String {
        if let to {
            let offset = to.plus == 0 ? "" : " \(Words.duration(abs(to.plus))) \(to.plus < 0 ? "before" : "after")"
            return "move the subjects' clock to\(offset) \(to.anchor)"
        }
        let by = move ?? 0
        return "move the subjects' clock \(by < 0 ? "back" : "on") by \(Words.duration(abs(by)))"
    }

    private static func replayed(
        _ of: String, _ what: Verb.Replayed, _ listener: Verb.Listener, _ times: Int, _ attacker: Verb.Attacker
    ) -> String {
        let act =
            switch what {
            case .bytes: "send the recorded octets of '\(of)' again"
            case .header: "call with the header stolen from '\(of)'"
            case .key: "call with the private key stolen from '\(of)', and no header"
            case .earlyData: "call as '\(of)' did, in the early data of a resumed session"
            case .refreshToken: "show the used refresh token of '\(of)' to the issuer again"
            case .code: "show the used authorization code of '\(of)' to the issuer again"
            }
        let who =
            switch attacker {
            case .connection: ""
            case .process: ", by another process"
            case .insider: ", by an insider with a certificate of his own"
            }
        return act + (times > 1 ? ", \(times) times" : "") + (listener == .plaintext ? ", without TLS" : "") + who
    }

    private static func failed(_ kind: Verb.Fault, _ times: Int?) -> String {
        switch kind {
        case .issuerStopped: "the issuer is out of reach"
        case .issuerAnswers503: "the issuer answers \(times.map { "\($0) requests" } ?? "requests") with 503"
        case .responderStopped: "the OCSP responder is out of reach"
        }
    }
}
