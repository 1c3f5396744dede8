-- Lets everybody in under a name of their own, as Prosody's mod_auth_anonymous does. A client that comes back to resume its
-- session (`previd` in the address) is given its old name: Prosody looks for the session under it. docker-jitsi-meet's own
-- modules for anonymous and token logins do the same, and are not to be had from Debian.
local formdecode = require "util.http".formdecode;
local new_sasl = require "util.sasl".new;
local uuid = require "util.uuid".generate;

module:hook_global("websocket-session", function (event)
	local query = event.request.url.query;
	event.session.resumed_id = query and formdecode(query).previd;
end);

local function name_for(id)
	if id == nil then return uuid(); end
	for _, session in pairs(prosody.full_sessions) do
		if session.host == module.host and session.resumption_token == id then return session.username; end
	end
	return uuid();
end

module:provides("auth", {
	get_sasl_handler = function (session)
		local sasl = new_sasl(module.host, { anonymous = function () return true; end });
		local process = sasl.process;
		function sasl:process(message)
			local status, reply, text = process(self, message);
			if status == "success" then self.username = name_for(session.resumed_id); end
			return status, reply, text;
		end
		return sasl;
	end;
	user_exists = function () return nil, "Only anonymous users are supported."; end;
});
