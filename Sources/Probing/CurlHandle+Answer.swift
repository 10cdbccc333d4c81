import CCurl
import CShims

extension CurlHandle {
    /// What came of the transfer, given libcurl's result.
    func finish(_ result: CURLcode) -> ProbeAnswer {
        var answer = ProbeAnswer(outcome: outcome(result), beginNanoseconds: began, endNanoseconds: MonotonicClock.nanoseconds())
        describe(&answer)
        answer.newConnection = long(CURLINFO_NUM_CONNECTS) > 0
        answer.bytesSent = long(CURLINFO_REQUEST_SIZE) + offset(CURLINFO_SIZE_UPLOAD_T)
        answer.bytesReceived = long(CURLINFO_HEADER_SIZE) + offset(CURLINFO_SIZE_DOWNLOAD_T)
        answer.totalMicroseconds = offset(CURLINFO_TOTAL_TIME_T)
        return answer
    }

    /// Fills in the facts of the connection.
    func describe(_ answer: inout ProbeAnswer) {
        (answer.resumed, answer.tlsVersion) = (witness.resumed, witness.tlsVersion)
        answer.serverThumbprint = witness.thumbprint
        let port = long(CURLINFO_LOCAL_PORT)
        answer.localPort = port > 0 ? port : nil
        answer.connectMicroseconds = offset(CURLINFO_CONNECT_TIME_T)
        answer.tlsMicroseconds = offset(CURLINFO_APPCONNECT_TIME_T)
    }

    private func outcome(_ result: CURLcode) -> ProbeAnswer.Outcome {
        let status = long(CURLINFO_RESPONSE_CODE)
        if result == CURLE_OK, status > 0 { return .response(status: status, headers: headers, body: body) }
        guard status == 0 else { return .dropped("HTTP \(status) broke off after \(body.count) octets: \(words(for: result))") }
        return failure(result)
    }

    /// Tells a peer's refusal, of which there was no HTTP answer, from everything else that can go wrong.
    ///
    /// In TLS 1.3 a refused client certificate shows in what is read or written after the handshake, which on the
    /// client's side has succeeded; in TLS 1.2 it shows in the handshake.
    func failure(_ result: CURLcode) -> ProbeAnswer.Outcome {
        let words = words(for: result)
        if result == CURLE_OPERATION_TIMEDOUT { return .dropped("no answer in time: \(words)") }
        // A peer that was never reached is another result, CURLE_COULDNT_CONNECT.
        let broken = [CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING]
        guard broken.contains(result) else { return .dropped(words) }
        if let alert = witness.alert { return .refusedInTransport(TransportRefusal(alert: alert)) }
        if words.contains("reset") || words.contains("Broken pipe") { return .refusedInTransport(.reset) }
        // OpenSSL's names for a connection that ended in the middle of the handshake; its other complaints are about
        // what the peer said, which is a misunderstanding and no refusal.
        let ended = words.contains("SSL_ERROR_SYSCALL") || words.contains("SSL_ERROR_ZERO_RETURN") || words.contains("unexpected eof")
        return result != CURLE_SSL_CONNECT_ERROR || ended ? .refusedInTransport(.closed) : .dropped(words)
    }
}
