import CCurl

/// A client with one connection cache and one TLS session cache, which always verifies the server.
package actor Probe {
    private let executor = QueueExecutor(label: "probe")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let ca: String?
    private let identity: ClientIdentity?
    private let handle: CurlHandle

    /// - Parameter ca: The only certificates trusted, a PEM file; nil where there is no TLS.
    package init(ca: String?, identity: ClientIdentity?) {
        self.ca = ca
        self.identity = identity
        handle = CurlHandle()
    }

    /// Sends a request and waits for what comes of it. It never throws: every outcome is an answer.
    ///
    /// TLS sessions are saved by calls over `.resumedSession` alone, the first of which is a full handshake. A kept
    /// connection that the peer has closed is replaced by a new one, and the answer's `newConnection` says so.
    package func send(_ request: ProbeRequest, over channel: Channel) -> ProbeAnswer {
        handle.prepare(request, ca: ca, identity: identity, channel: channel)
        let result = curl_easy_perform(handle.curl)
        return handle.finish(result)
    }
}
