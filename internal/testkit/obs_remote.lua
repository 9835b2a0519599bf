-- Runs inside OBS and presses its buttons: it looks for a file that holds one
-- word, obeys it and removes the file.
obs = obslua

local look_every = 100 -- ms
local told

local buttons = {
	stop = obs.obs_frontend_streaming_stop,
}

local function look()
	local file = io.open(told)
	if not file then
		return
	end
	local word = file:read("*l")
	file:close()
	os.remove(told)
	buttons[word]()
end

function script_load(settings)
	told = obs.obs_data_get_string(settings, "told")
	obs.timer_add(look, look_every)
end
