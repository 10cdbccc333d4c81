import MutualTLS
import NIOSSL

/// In what the settings of TLS differ from the right ones, as far as it takes to tell for which peers.
struct SettingsDifference {
    /// Versions that the right server speaks are not spoken.
    var refusesVersions = false
    /// Versions or algorithms are spoken besides.
    var speaksMore = false
    /// A client need not show a certificate.
    var asksNobody = false
    /// The thumbprints of the anchors, where they are others.
    var anchors: Set<String>?
    /// Some are others than the right ones, not only fewer.
    var hasMoreAnchors = false
    /// Anything else, which may touch everybody.
    var isAnother = false

    init() {}

    init(between right: TLSConfiguration, and bent: TLSConfiguration) {
        var rest = bent
        if bent.minimumTLSVersion != right.minimumTLSVersion {
            let isNewer = Self.age(bent.minimumTLSVersion) > Self.age(right.minimumTLSVersion)
            (refusesVersions, speaksMore) = (isNewer, !isNewer)
            rest.minimumTLSVersion = right.minimumTLSVersion
        }
        if bent.cipherSuites != right.cipherSuites, bent.cipherSuites.hasPrefix(right.cipherSuites) {
            speaksMore = true
            rest.cipherSuites = right.cipherSuites
        }
        if bent.certificateVerification == .optionalVerification, right.certificateVerification == .noHostnameVerification {
            asksNobody = true
            rest.certificateVerification = right.certificateVerification
        }
        if bent.trustRoots != right.trustRoots, let bentAnchors = Self.anchors(bent), let rightAnchors = Self.anchors(right) {
            anchors = bentAnchors
            hasMoreAnchors = !bentAnchors.isSubset(of: rightAnchors)
            rest.trustRoots = right.trustRoots
        }
        isAnother = !rest.bestEffortEquals(right)
    }

    /// Whether a handshake that failed might have succeeded, or failed otherwise.
    func mayChange(_ end: HandshakeEnd) -> Bool {
        if isAnother { return true }
        switch end {
        case .certificate: return hasMoreAnchors
        case .noCertificate: return asksNobody
        case .parameters: return speaksMore || refusesVersions
        case .noHandshake, .deadline: return false
        case .other: return refusesVersions || speaksMore || asksNobody || anchors != nil
        }
    }

    private static func age(_ version: TLSVersion) -> Int {
        switch version {
        case .tlsv1: 0
        case .tlsv11: 1
        case .tlsv12: 2
        case .tlsv13: 3
        }
    }

    private static func anchors(_ settings: TLSConfiguration) -> Set<String>? {
        guard case .certificates(let roots)? = settings.trustRoots else { return nil }
        return try? Set(roots.map { PeerCertificate.thumbprint(of: try $0.toDERBytes()) })
    }
}
