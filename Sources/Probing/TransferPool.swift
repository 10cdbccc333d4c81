import CCurl
import CShims
import Glibc

/// Many transfers at once on one thread, each handle with a connection of its own. Not Sendable.
final class TransferPool {
    /// A handle and its share of the connections, which is its own: a pool common to all would hand out whichever
    /// connection is idle, so that a few were used and the others were not even opened.
    final class Slot {
        let handle = CurlHandle()
        let identity: ClientIdentity?
        fileprivate(set) var ordinal = 0
        fileprivate(set) var planned: Int64 = 0
        private let share: UnsafeMutableRawPointer?

        fileprivate init(identity: ClientIdentity?) {
            self.identity = identity
            share = curl_share_init()
            if let share { ccurl_share_connections(share) }
        }

        fileprivate func adopt() {
            if let share { ccurl_set_pointer(handle.curl, CURLOPT_SHARE, share) }
        }

        deinit {
            // A share can be released once no handle uses it; the handle goes after.
            ccurl_set_pointer(handle.curl, CURLOPT_SHARE, nil)
            if let share { curl_share_cleanup(share) }
        }
    }

    private let multi: UnsafeMutableRawPointer
    private let ca: String?
    private let connections: Int
    private var idle: [ClientIdentity?: [Slot]] = [:]
    private var opened: [ClientIdentity?: Int] = [:]
    private var busy: [UnsafeMutableRawPointer: Slot] = [:]

    /// - Parameter connections: For each identity; more are opened when all are busy.
    init(ca: String?, connections: Int) {
        CurlHandle.Library.start()
        guard let multi = curl_multi_init() else { fatalError("libcurl has no memory for a handle") }
        self.multi = multi
        self.ca = ca
        self.connections = connections
    }

    deinit {
        for slot in busy.values { curl_multi_remove_handle(multi, slot.handle.curl) }
        curl_multi_cleanup(multi)
    }

    var isIdle: Bool { busy.isEmpty }

    /// How many transfers are under way.
    var underWay: Int { busy.count }

    /// Begins a transfer on the connection that has rested longest, or on a new one; always on a new one, with a full handshake,
    /// where the channel says so.
    func begin(_ request: ProbeRequest, identity: ClientIdentity?, ordinal: Int, planned: Int64, over channel: Channel = .kept) {
        let slot = slot(for: identity)
        (slot.ordinal, slot.planned) = (ordinal, planned)
        slot.handle.prepare(request, ca: ca, identity: identity, channel: channel)
        slot.adopt()
        busy[slot.handle.curl] = slot
        curl_multi_add_handle(multi, slot.handle.curl)
    }

    private func slot(for identity: ClientIdentity?) -> Slot {
        if opened[identity, default: 0] >= connections, let rested = idle[identity], !rested.isEmpty {
            idle[identity]?.removeFirst()
            return rested[0]
        }
        opened[identity, default: 0] += 1
        return Slot(identity: identity)
    }

    /// Moves everything on and hands over what has ended.
    func advance(_ ended: (Slot, ProbeAnswer) -> Void) {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            // The message is gone once its handle is removed.
            let result = message.pointee.data.result
            guard message.pointee.msg == CURLMSG_DONE, let curl = message.pointee.easy_handle, let slot = busy[curl] else { continue }
            let answer = slot.handle.finish(result)
            curl_multi_remove_handle(multi, curl)
            busy[curl] = nil
            idle[slot.identity, default: []].append(slot)
            ended(slot, answer)
        }
    }

    /// Waits until there is something to do, but not beyond the time given, in nanoseconds.
    func wait(atMost nanoseconds: Int64) {
        guard nanoseconds < 1_000_000 else {
            curl_multi_poll(multi, nil, 0, Int32(clamping: nanoseconds / 1_000_000), nil)
            return
        }
        // libcurl waits in whole milliseconds; an arrival is to be on time without a thread that spins.
        var rest = timespec(tv_sec: 0, tv_nsec: Int(min(max(nanoseconds, 0), 200_000)))
        nanosleep(&rest, nil)
    }
}
