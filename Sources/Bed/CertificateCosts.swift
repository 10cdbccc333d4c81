/// What client certificates cost a server: to be looked at on a new connection, and once more for each request.
package struct CertificateCosts: Sendable, Codable {
    package struct Series: Sendable, Codable {
        /// One figure a round.
        package var perSecond: [Double] = []
        /// What the server's processes used of the processors for each, in microseconds; one figure a round.
        package var cpuMicroseconds: [Double] = []
        package var failed = 0
    }

    package struct Row: Sendable, Codable {
        package var name: String
        /// A connection for each request, with a full handshake that shows and judges the certificate.
        package var cold = Series()
        /// Requests over connections that are kept.
        package var warm = Series()
    }

    package var rows: [Row] = []
    /// Whose figures stand beside, `nginx/1.22.1` for example; nil where it is not installed.
    package var beside: String?

    /// The scheme that looks at no revocation, which the others are measured against, and what is behind its name where it stands
    /// in for a second time.
    package static let base = "mtls"
    package static let again = "-again"
    package static let nginx = "nginx-"
}
