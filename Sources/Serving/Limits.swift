package import NIOCore

/// How much of the server one caller may use before it has proved anything.
package struct Limits: Sendable, Hashable {
    /// Open connections per listener; further ones wait in the kernel's queue.
    package var connections = 512
    /// How long a connection may stay silent between two parts of a request, the TLS handshake and headers included.
    package var idle: TimeAmount = .seconds(30)
    /// How long a TLS handshake may take from the first byte to the last, however it drips.
    package var handshake: TimeAmount = .seconds(10)
    /// All header fields of a request together, in bytes.
    package var headers = 32 * 1024
    /// A request's body, in bytes.
    package var body = 1024 * 1024
    /// How long the whole body may take, however it drips.
    package var bodyDeadline: Duration = .seconds(10)
    /// How long requests in progress may take after the signal to stop.
    package var shutdown: Duration = .seconds(3)

    package init() {}
}
